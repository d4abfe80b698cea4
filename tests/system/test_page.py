"""The page of a map in a real browser, offline: click, filter, search, measure, print, keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import sync_playwright

import tiny
from cluster import needed
from filing import run

SWIFT = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
IDLE = "body[data-map=idle]"
HOSTILE = '</script><script>document.title="taken"</script><img src=x onerror="document.title=1">'
WAIT = 60_000

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=needed("chromium", "chromium"), args=SWIFT)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser):
    """Open a page offline; whatever it asks of a network, or complains of, fails the test."""
    seen, context = [], browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)

    def call(path, *, wait=True):
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("request", lambda request: seen.append(request.url))
        page.on("pageerror", lambda error: seen.append(f"error {error}"))
        page.goto(path.resolve().as_uri())
        if wait:
            page.wait_for_selector(IDLE)
        return page

    yield call
    context.close()
    assert [url for url in seen if not url.startswith(("file:", "blob:", "data:"))] == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory, filed):
    page = tmp_path_factory.mktemp("map") / "m.html"
    run("map", filed / "result.gpkg", "--units", filed / "units.gpkg", "-o", page, "-q")
    return page


def numbers(page):
    """Return the counts of the legend by label."""
    rows = page.locator("#legend tr").all()
    return {
        row.locator("th").inner_text(): int(row.locator("td").first.inner_text().replace(",", ""))
        for row in rows
    }


def test_the_legend_counts_what_is_in_view_and_filters_count_less(sample, open_page):
    page = open_page(sample)
    whole = numbers(page)
    facts = page.evaluate("() => [lowuse.facts.count, [...lowuse.arrays.x].filter(isNaN).length]")
    assert sum(whole.values()) == facts[0] - facts[1]
    page.click("#legend tr:first-child button")
    assert next(iter(numbers(page).values())) == 0
    page.click("#reset")
    assert numbers(page) == whole
    page.select_option("#town", "0")
    assert 0 < sum(numbers(page).values()) < sum(whole.values())
    page.click("#reset")
    page.select_option("#criterion", index=2)
    told = page.locator("#criterion option:checked").inner_text()
    assert sum(numbers(page).values()) == int(told.rsplit("(", 1)[1].rstrip(")"))


def test_a_click_tells_the_reasons_from_afar_and_near(sample, open_page):
    page = open_page(sample)
    place = page.evaluate(
        "() => { const i = lowuse.arrays.verdict.indexOf(0);"
        " const p = lowuse.map.project([lowuse.arrays.x[i], lowuse.arrays.y[i]]);"
        " return [i, p.x, p.y]; }"
    )
    canvas = page.locator("canvas.maplibregl-canvas")
    canvas.click(position={"x": place[1], "y": place[2]})
    page.wait_for_selector("#details:not([hidden]) h2")
    read = "async (i) => (await lowuse.unpacked.get(Math.floor(i / 1000)))[i % 1000][1]"
    assert page.locator("#details h2").inner_text() == page.evaluate(read, place[0])
    assert page.locator("#details dd").count() > 3
    page.click("#close")
    assert page.locator("#details").is_hidden()
    page.click("#list button >> nth=0")
    page.wait_for_selector("#details:not([hidden]) h2")
    page.wait_for_selector(IDLE)
    page.click("#close")
    page.wait_for_selector(IDLE)
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.wait_for_selector("#details:not([hidden]) h2")


def test_search_by_code_and_by_name(sample, open_page):
    page = open_page(sample)
    page.fill("#search", "有限公司")
    page.wait_for_selector("#found li")
    first = page.locator("#found button").first.inner_text()
    assert "有限公司" in first
    code = first.splitlines()[0]
    page.fill("#search", code.lower())
    page.locator("#found li").nth(1).wait_for(state="detached")
    assert page.locator("#found button").first.inner_text().splitlines()[0] == code
    page.fill("#search", "nobody has this name")
    page.locator("#found li").first.wait_for(state="detached")


def test_measuring_a_square_of_one_hectare(sample, open_page):
    page = open_page(sample)
    page.click("#tool-measure")
    corners = page.evaluate(
        "() => { const c = lowuse.map.getCenter(), m = 1 / 111195, k = Math.cos(c.lat*Math.PI/180);"
        " lowuse.map.jumpTo({center: c, zoom: 17});"
        " return [[0,0],[100,0],[100,100],[0,100]].map(([x,y]) => {"
        " const p = lowuse.map.project([c.lng + x*m/k, c.lat + y*m]); return [p.x, p.y]; }); }"
    )
    page.wait_for_selector(IDLE)
    for x, y in corners:
        page.locator("canvas.maplibregl-canvas").click(position={"x": x, "y": y})
        page.wait_for_timeout(400)  # two clicks at once would zoom
    told = page.locator("#status").inner_text()
    area = float(told.split("; ")[1].split(" ")[0].replace(",", ""))
    assert area == pytest.approx(10_000, rel=0.02)
    page.keyboard.press("Escape")
    assert page.locator("#status").inner_text() == ""


def test_keyboard_reaches_everything_and_every_control_has_a_name(sample, open_page):
    page = open_page(sample)
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('button, select, input')].filter((e) =>"
        " !(e.textContent.trim() || e.getAttribute('aria-label') || e.title || e.closest('label')))"
        ".length"
    )
    assert nameless == 0
    page.focus("#list button >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#details:not([hidden]) h2")
    assert page.evaluate("() => document.activeElement.tagName") == "H2"
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_page_prints(sample, open_page, tmp_path):
    page = open_page(sample)
    page.pdf(path=tmp_path / "m.pdf", prefer_css_page_size=True)
    assert (tmp_path / "m.pdf").read_bytes()[:5] == b"%PDF-"
    page.emulate_media(media="print")
    assert page.locator("#tools").is_hidden()
    assert page.locator("#legend").is_visible()


def test_hostile_names_stay_text(open_page, tmp_path):
    records = [tiny.parcel(1, tiny.lot(0, 0), QLRMC=HOSTILE), tiny.parcel(2, tiny.lot(300, 0))]
    tiny.frame(records).to_file(tmp_path / "p.gpkg", layer="p")
    run("classify", tmp_path / "p.gpkg", "-o", tmp_path / "r.gpkg", "-q")
    run("map", tmp_path / "r.gpkg", "-o", tmp_path / "m.html", "-q")
    page = open_page(tmp_path / "m.html")
    title = page.title()
    page.fill("#search", "onerror")
    page.click("#found button")
    page.wait_for_selector("#details:not([hidden]) h2")
    assert HOSTILE in page.locator("#details").inner_text()
    assert page.title() == title
    assert page.evaluate("() => document.images.length") == 0
