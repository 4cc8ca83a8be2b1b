"""Photos under spot reports: noted by hash, asked about when they stand under another report, never twice under one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.attached import FileMark, size_text
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.verb_form import VerbForm
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.spots import build
from hongyao_desktop.volunteers.service import spot_photos, spots
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.screen import Screen, open_with_search, screen_over

REPORT: dict[str, Any] = {
    "reported_on": "2026-11-01",
    "reporter": "翟建",
    "place": "三号网格",
    "content": "路灯不亮，已拍照",
}
PHOTO = FileMark("IMG_0042.jpg", 2_200_000, "a" * 64)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_with_search(tmp_path)
    opened.transact("建立单位", put_rules)
    opened.transact("登记组织", put_units)
    yield opened
    opened.close()


def take(office: Office, **changes: Any) -> str:
    values = {**REPORT, **changes}
    return office.transact("登记随手拍", partial(spots.report_spot, values=values)).result.report_id


def attach(office: Office, report_id: str, photo: FileMark = PHOTO, note: str | None = None) -> None:
    office.transact("登记照片", lambda w: spot_photos.attach_photo(w, report_id, photo, note))


def test_a_photo_is_kept_by_name_size_and_hash(office: Office) -> None:
    report = take(office)
    attach(office, report, note=" 手机原图 ")
    (row,) = spot_photos.photos_of(office.reader(), report)
    assert (row["file_name"], row["file_bytes"], row["file_hash"]) == ("IMG_0042.jpg", 2_200_000, "a" * 64)
    assert (row["note"], row["elsewhere"]) == ("手机原图", 0)
    assert str(PHOTO) == "IMG_0042.jpg（2.1 MB，校验值 aaaaaaaa）"
    assert [size_text(size) for size in (0, 1023, 1024, 34_800)] == ["0 字节", "1023 字节", "1 KB", "34 KB"]


def test_the_same_photo_is_refused_under_one_report_and_asked_about_under_another(office: Office) -> None:
    first = take(office)
    other = take(office, reporter="郭艳", place="东门", content="井盖破损", reported_on="2026-11-04")
    attach(office, first)
    with pytest.raises(Refusal, match=r"“copy\.jpg”与本件已登记的照片“IMG_0042\.jpg”完全相同"):
        attach(office, first, FileMark("copy.jpg", 2_200_000, "a" * 64))
    (asked,) = spot_photos.check_photo(office.reader(), other, PHOTO)
    assert asked.level is Level.QUESTION
    assert "已用在翟建2026年11月1日上报的“路灯不亮，已拍照”" in asked.message
    attach(office, other)
    assert [row["elsewhere"] for row in spot_photos.photos_of(office.reader(), first)] == [1]
    assert spot_photos.check_photo(office.reader(), other, FileMark("x.jpg", 1, "b" * 64)) == []


def test_a_void_or_unknown_report_takes_no_photo(office: Office) -> None:
    report = take(office)
    office.transact("作废", lambda w: spots.void_spot(w, report, "测试"))
    with pytest.raises(Refusal, match="已作废，不能再登记照片"):
        attach(office, report)
    with pytest.raises(Refusal, match="不在台账里"):
        attach(office, "nothing")


@pytest.fixture
def screen(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Screen]:
    with screen_over(office, tmp_path, qapp, qtbot) as made:
        yield made


def open_verb(screen: Screen, page: RegisterPage, label: str) -> VerbForm:
    page.panel.run_verb(next(verb for verb in page.panel.parts.verbs if verb.label == label))
    (form,) = page.panel.findChildren(VerbForm)
    return form


def test_a_photo_is_chosen_by_keyboard_and_one_used_before_is_confirmed(
    screen: Screen, office: Office, tmp_path: Path
) -> None:
    first = take(office)
    second = take(office, reporter="郭艳", place="东门", content="井盖破损", reported_on="2026-11-04")
    photo = tmp_path / "路灯.jpg"
    photo.write_bytes(b"a picture" * 1000)
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    attach(office, first, FileMark("原图.jpg", 9000, digest))
    page = build(screen.session)
    assert isinstance(page, RegisterPage)
    screen.show(page)
    page.open_row(second)
    screen.settle()
    form = open_verb(screen, page, "登记照片")
    assert form.file is not None
    assert page.focusWidget() is form.file.button
    screen.hands.save()
    screen.said(page, "还没有选择照片")
    form.file.choose = lambda: str(photo)
    screen.hands.press(Qt.Key.Key_Space)
    screen.settle()
    assert form.file.mark == FileMark("路灯.jpg", 9000, digest)
    screen.hands.save()
    screen.said(page, "已用在翟建2026年11月1日上报的“路灯不亮，已拍照”")
    assert spot_photos.photos_of(office.reader(), second) == []
    screen.hands.save()
    screen.said(page, "已登记照片")
    (row,) = spot_photos.photos_of(office.reader(), second)
    assert (row["file_name"], row["elsewhere"]) == ("路灯.jpg", 1)


def test_a_file_that_cannot_be_read_is_said(screen: Screen, office: Office, tmp_path: Path) -> None:
    report = take(office)
    page = build(screen.session)
    assert isinstance(page, RegisterPage)
    screen.show(page)
    page.open_row(report)
    screen.settle()
    form = open_verb(screen, page, "登记照片")
    assert form.file is not None
    form.file.take(tmp_path / "没有.jpg")
    screen.said(page, "“没有.jpg”读不出来，请核对文件后再选")
    assert form.file.mark is None
