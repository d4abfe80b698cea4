"""Archives: everything that fits comes out, nothing gets out of its folder."""

import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from lowuse_gis.io.archives import Limits, unpack
from lowuse_gis.io.delivery import find
from lowuse_gis.io.zip_entries import decoded_name
from zips import Archive, Line, deflated


@pytest.fixture
def unpacked(tmp_path):
    """Unpack an archive; return what is on disk, the result, and check that nothing is outside."""

    def call(archive, limits=None, wanted=lambda _name: True):
        path, into = tmp_path / "a.zip", tmp_path / "into"
        path.write_bytes(archive if isinstance(archive, bytes) else archive.bytes())
        into.mkdir()
        before = set(tmp_path.rglob("*"))
        result = unpack(path, into, "a.zip", limits or Limits(), wanted)
        new = set(tmp_path.rglob("*")) - before
        assert all(item.is_relative_to(into) and not item.is_symlink() for item in new)
        files = {p.relative_to(into).as_posix(): p.read_bytes() for p in new if p.is_file()}
        assert sorted(files) == sorted(p.relative_to(into).as_posix() for p, _s in result.files)
        return files, result

    return call


GOOD = Line(b"good.txt", b"good")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (Line(b"../up.txt"), "outside"),
        (Line(b"a/../../up.txt"), "outside"),
        (Line(b"..\\up.txt"), "outside"),
        (Line(b"/etc/passwd"), "outside"),
        (Line(b"\\\\host\\share\\a.txt"), "outside"),
        (Line(b"C:\\a.txt"), "outside"),
        (Line(b"c:a.txt"), "outside"),
        (Line(b"a.txt:stream"), "outside"),
        (Line(b"a\0b.txt"), "name"),
        (Line(b"a\x1b[31m.txt"), "name"),
        (Line(b"nul.txt"), "name"),
        (Line(b"dots. "), "name"),
        (Line(b""), "name"),
        (Line(b"x" * 300), "name"),
        (Line(b"d/" * 1500 + b"a"), "name"),
        (Line(b"link.txt", b"/etc/passwd", mode=0o120777), "link"),
        (Line(b"device.txt", mode=0o020666), "link"),
        (Line(b"locked.txt", flags=1), "password"),
        (Line(b"locked.txt", method=99), "password"),
        (Line(b"odd.txt", method=14), "unusual"),
        (Line(b"odd.txt", method=9), "unusual"),
        (Line(b"good.txt", b"again"), "twice"),
        (Line(b"GOOD.TXT", b"again"), "twice"),
        (Line(b"good.txt/under.txt"), "cannot be written"),
        (Line(b"crc.txt", crc=1), "damaged"),
        (Line(b"short.txt", size=9), "damaged"),
        (Line(b"long.txt", b"xxxxx", size=2), "damaged"),
        (Line(b"broken.txt", method=8, body=b"\xff\xff\xff"), "damaged"),
        (Line(b"cut.txt", bytes(999), method=8, body=deflated(bytes(999))[:-4]), "damaged"),
        (Line(b"nowhere.txt", offset=4_000_000_000), "damaged"),
        (Line(b"huge.txt", size=4_000_000_000), "beyond reason"),
    ],
)
def test_an_entry_is_refused_and_the_others_are_read(unpacked, line, why):
    files, result = unpacked(Archive([GOOD, line, Line(b"last.txt", b"last", method=8)]))
    assert files == {"good.txt": b"good", "last.txt": b"last"}
    (notice,) = result.notices
    assert (notice.code, notice.file) == ("1101", "a.zip")
    assert why in notice.note
    assert notice.note.isprintable()


def test_a_bomb_stays_packed(unpacked):
    zeros = deflated(bytes(80 << 20))
    line = Line(b"zeros.shp", method=8, body=zeros, size=80 << 20, crc=0)
    start = time.perf_counter()
    files, result = unpacked(Archive([GOOD, line]))
    assert set(files) == {"good.txt"}
    assert "beyond reason" in result.notices[0].note
    assert time.perf_counter() - start < 2


def test_a_lying_bomb_stops_at_what_it_claims(unpacked):
    zeros = deflated(bytes(80 << 20))
    files, result = unpacked(Archive([Line(b"zeros.shp", method=8, body=zeros, size=1000, crc=0)]))
    assert files == {}
    assert "damaged" in result.notices[0].note


def test_overlapping_entries_are_a_bomb(unpacked):
    kernel = Line(b"kernel", bytes(1000))
    header = 30 + len(b"00")
    quoted = [
        Line(f"{n:02}".encode(), body=b"", packed=1000 + (9 - n) * header, size=5000, offset=None)
        for n in range(9)
    ]
    files, result = unpacked(Archive([*quoted, kernel]))
    assert set(files) <= {"kernel", "08"}
    assert "shares its bytes" in result.notices[0].note


def test_limits_are_shared(unpacked):
    lines = [Line(f"{n}.txt".encode(), bytes(100)) for n in range(20)]
    files, result = unpacked(Archive(lines), Limits(files=5))
    assert len(files) == 5
    assert "one file too many" in result.notices[0].note


def test_size_limit(unpacked):
    lines = [Line(f"{n}.txt".encode(), bytes(100)) for n in range(20)]
    files, result = unpacked(Archive(lines), Limits(size=350))
    assert len(files) == 3
    assert "too large" in result.notices[0].note


@pytest.mark.parametrize(
    "archive",
    [
        Archive([GOOD], before=b"MZ" + bytes(5000)),
        Archive([GOOD], after=bytes(5000)),
        Archive([GOOD], comment=b"a comment"),
        Archive([GOOD], comment=Archive([Line(b"evil.txt")]).bytes()),
        Archive([GOOD], count=7),
        Archive([GOOD], count=0),
    ],
)
def test_what_stands_around_an_archive_does_not_matter(unpacked, archive):
    files, result = unpacked(archive)
    assert files == {"good.txt": b"good"}
    assert result.notices == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_ordinary_archives(unpacked, tmp_path, method):
    data = {"a/b.txt": b"b" * 70_000, "宗地.txt": bytes(range(256)) * 3000, "empty": b""}
    with zipfile.ZipFile(tmp_path / "o.zip", "w", method) as archive:
        archive.mkdir("folder")
        for name, content in data.items():
            archive.writestr(name, content)
    files, result = unpacked((tmp_path / "o.zip").read_bytes())
    assert files == data
    assert result.notices == []


@pytest.mark.parametrize("cut", [1, 10, 21, 22, 60, 100])
def test_a_cut_archive_is_said_to_be(unpacked, cut):
    files, result = unpacked(Archive([GOOD, GOOD]).bytes()[:-cut])
    assert files == {}
    assert result.notices[0].code == "1201"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "cp437"])
def test_names_in_any_encoding(unpacked, encoding):
    name = "Äpfel/é.txt" if encoding == "cp437" else "静海镇/宗地 2022（终）.txt"
    files, _result = unpacked(Archive([Line(name.encode(encoding))]))
    assert set(files) == {name}


def test_a_wrong_flag_for_utf8_does_no_harm(unpacked):
    files, _result = unpacked(Archive([Line("Ä.txt".encode("cp437"), flags=0x800)]))
    assert len(files) == 1


def test_zip_in_zip_and_its_name(tmp_path, layer):
    tiny.write_shapefile(layer, tmp_path / "parcels.shp")
    inner, outer = tmp_path / "inner.zip", tmp_path / "town.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        for part in tmp_path.glob("parcels.*"):
            archive.write(part, f"a/{part.name}")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "b/inner.zip")
        archive.writestr("readme.docx", "x")
    into = tmp_path / "into"
    into.mkdir()
    contents = find(outer, into)
    assert [f.shown for f in contents.found] == ["town.zip/b/inner.zip/a/parcels.shp"]
    assert [(n.code, n.file) for n in contents.notices] == [("1102", "town.zip")]


def test_archives_without_end(tmp_path):
    data = Archive([Line(b"deep.txt")]).bytes()
    for _turn in range(8):
        data = Archive([Line(b"a.zip", data)]).bytes()
    path, into = tmp_path / "a.zip", tmp_path / "into"
    path.write_bytes(data)
    into.mkdir()
    contents = find(path, into)
    assert contents.found == ()
    assert "archives within archives" in contents.notices[0].note


@pytest.mark.parametrize("head", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c\x00\x04"])
@pytest.mark.parametrize("name", ["a.rar", "a.7z", "a.zip"])
def test_other_archives_are_named(tmp_path, head, name):
    into = tmp_path / "into"
    into.mkdir()
    (tmp_path / name).write_bytes(head + bytes(100))
    (notice,) = find(tmp_path / name, into).notices
    assert notice.code == "1101"
    assert ".zip" in notice.note


@given(st.binary(max_size=60), st.booleans(), st.binary(max_size=12))
@settings(max_examples=500)
def test_any_bytes_are_some_name(raw, utf8, path):
    assert isinstance(decoded_name(raw, utf8=utf8, path=path), str)


@given(st.text("宗地图斑权利人静海区数据库街道", min_size=2, max_size=30))
def test_chinese_names_come_back(name):
    assert decoded_name(name.encode("gbk")) == name
    assert decoded_name(name.encode()) == name


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_flipped_bytes_never_raise(tmp_path_factory, data):
    good = bytearray(Archive([GOOD, Line(b"b/c.txt", b"c" * 99, method=8)]).bytes())
    for at in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=4)):
        good[at] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "a.zip").write_bytes(bytes(good[: data.draw(st.integers(0, len(good)))]))
    (folder / "into").mkdir()
    result = unpack(folder / "a.zip", folder / "into", "a.zip", Limits(), lambda _name: True)
    for path, shown in result.files:
        assert path.is_relative_to(folder / "into")
        assert shown.startswith("a.zip/")
        assert path.stat().st_size in {4, 99}
