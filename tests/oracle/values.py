"""Single values as files hold them: text, codes, numbers, dates."""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from datetime import date, datetime

LABELS = {
    "firm_status": {"正常": "1", "半停产": "2", "停产": "3", "未投产": "4", "注销": "5"},
    "facility_state": {"在用": "1", "停用": "3"},
    "homestead_state": {"正常": "1", "空置": "2", "废弃": "3"},
    "wish": {"强": "1", "中": "2", "弱": "3", "拒绝": "4", "未调查": "9"},
    "tenant_consent": {"同意": "1", "不同意": "2", "无承租人": "3", "未征询": "9"},
    "town_priority": {"优先": "1", "一般": "2", "暂缓": "3", "未定": "9"},
    "funding": {"已落实": "1", "渠道明确": "2", "无来源": "3", "未摸排": "9"},
    "danger_class": {f"{letter}级": letter for letter in "ABCD"},
    "construction_state": {"无在建任务": "0", "未开工": "1", "在建": "2", "已竣工": "3"},
    "village_kind": {"撤并": "1", "保留": "2", "集聚": "3"},
    "yes_no": {"是": "1", "否": "0"},
    "difficulty_kind": {
        "权属": "01",
        "手续": "02",
        "规划": "03",
        "企业意愿": "04",
        "资金": "05",
        "环保": "06",
        "安全": "07",
        "历史遗留": "08",
        "司法/查封": "09",
        "补偿": "10",
        "政策": "11",
        "其他": "99",
    },
}


def is_missing(value):
    """Tell whether a cell is empty: None, a NaN, a NaT, or text of blanks."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - only a NaN or NaT differs from itself
    except TypeError:
        return True


def text(value):
    """Return text without surrounding blanks; nothing left is missing."""
    if is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def code(value):
    """Return a code: full width made half width, no blanks at all."""
    plain = text(value)
    if plain is None:
        return None
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain)) or None


def labelled(value, domain):
    """Return the code that a code or its label stands for; anything else is missing."""
    plain = code(value)
    known = LABELS[domain]
    if plain in known.values():
        return plain
    return known.get(plain)


def number(value):
    """Return a float, or missing where a cell holds no number."""
    if is_missing(value) or isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = unicodedata.normalize("NFKC", value).replace(",", "").strip()
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def day(value):
    """Return a date; a month alone means its last day, a year alone the last of December."""
    if is_missing(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    plain = code(value)
    for pattern in (
        r"(\d{4})(\d{2})(\d{2})",
        r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})",
        r"(\d{4})年(\d{1,2})月(\d{1,2})日?",
        r"(\d{4})[-./年](\d{1,2})月?()",
        r"(\d{4})年?()()",
    ):
        found = re.fullmatch(pattern, plain)
        if found:
            year, month, of_month = (int(part) if part else None for part in found.groups())
            month = month or 12
            of_month = of_month or calendar.monthrange(year, month)[1]
            return date(year, month, of_month)
    return None
