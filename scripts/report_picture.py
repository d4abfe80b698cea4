"""Take pictures of pages of the report for the documents, printed by LibreOffice.

Usage: ``python scripts/report_picture.py``; needs the packages that ``make test-system`` needs.
"""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2

from lowuse_gis.io.result import read_result

ROOT = Path(__file__).parents[1]
SAMPLE, PICTURES = ROOT / "sample_data", ROOT / "docs" / "pictures" / "report"
SHOWN = {  # what stands on a page, and what its picture is called
    "目录": "contents",
    "中期评估指标": "indicators",
    "低效用地分布图": "map",
    "各乡镇低效用地": "towns",
}
SCALE = 1.25
PROJECTS, UNSAID = 8, 3  # one of them does not say what it costs
GATES = ("scheme", "pre_review", "review", "approval", "supply", "construction", "operation")
DAYS = (
    "2023-01-10",
    "2023-02-06",
    "2023-03-20",
    "2023-04-14",
    "2023-07-31",
    "2023-10-09",
    "2024-03-01",
)
FIGURES = """指标,乡镇代码,年份,数值,单位,来源,填报人,填报日期
地区生产总值,,2023,86.4,亿元,虚构的统计公报,示例,2024-03-01
"""


def run(*words: object) -> None:
    """Run a command in Chinese."""
    own = {**os.environ, "LOWUSE_LANG": "zh"}
    subprocess.run([*map(str, words)], check=True, stdout=subprocess.DEVNULL, env=own)


def ledgers(result: Path, folder: Path) -> Path:
    """Invent a register of projects over the largest low-use parcels, and a figure."""
    folder.mkdir()
    parcels = read_result(result).parcels
    low = parcels[(parcels["verdict"] == "low_use") & parcels["parcel_code"].notna()]
    low = low.sort_values(["low_use_area", "parcel_code"], ascending=[False, True])
    chosen = low.groupby("town_name", sort=True).head(2).head(PROJECTS)
    with (folder / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(
            ["项目编号", "环节", "日期", "项目名称", "宗地代码", "实施主体", "投资（万元）"]
        )
        for at, (code, town) in enumerate(
            zip(chosen["parcel_code"], chosen["town_name"], strict=True)
        ):
            for gate, day in list(zip(GATES, DAYS, strict=True))[: len(GATES) - at]:
                money = "" if at == UNSAID else f"{1200 + 350 * at}"
                name = f"{town}片区改造{at + 1}号"
                lines.writerow(
                    [f"XM2023-{at + 1:03d}", gate, day, name, code, f"{town}人民政府", money]
                )
    (folder / "figures.csv").write_text(FIGURES, encoding="utf-8")
    return folder


def pages(report: Path, folder: Path) -> pypdfium2.PdfDocument:
    """Print a document."""
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    run("soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, report)
    return pypdfium2.PdfDocument(folder / f"{report.stem}.pdf")


def main() -> None:
    """Write the report of the sample district, and take the pages that the documents show."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder, lowuse = Path(name), (sys.executable, "-m", "lowuse_gis")
        result, units, report = (folder / n for n in ("r.gpkg", "u.gpkg", "report.docx"))
        run(*lowuse, "classify", "--project", SAMPLE, "-o", result, "-q")
        run(*lowuse, "units", result, "--project", SAMPLE, "-o", units)
        given = ("--period", "mid-term", "--ledgers", ledgers(result, folder / "ledgers"))
        run(*lowuse, "report", result, "--units", units, *given, "-o", report, "-q")
        document = pages(report, folder)
        left = dict(SHOWN)
        for page in document:
            text = page.get_textpage().get_text_range()
            for words in [w for w in left if w in text]:
                picture = page.render(scale=SCALE).to_pil().convert("RGB").quantize(64)
                picture.save(PICTURES / f"{left.pop(words)}.png", optimize=True)
                break
    if left:
        sys.exit(f"error: no page with {', '.join(left)}")


if __name__ == "__main__":
    main()
