"""Getting a file back (恢复向导): choose a backup, rehearse, see what would be lost, then restore or rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPlainTextEdit, QSizePolicy, QWidget

from hongyao_desktop.app.access.entrance import EntrancePanel
from hongyao_desktop.app.access.ways_back import Rehearsed
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height
from hongyao_desktop.store.backup import Backup

REBUILD = "备份和操作日志：一次操作也不少，另存为新文件"
ANOTHER = "选其他备份文件，如 U 盘里的"
SHOWN_ROWS = 5
MEGABYTE = 1 << 20


class RestorePanel(EntrancePanel):
    """First a rehearsal, then the exchange; nothing is changed before its result was seen.

    Signals:
        rehearse_wanted: backup, operator, password.
        restore_wanted: do what was rehearsed.
        rebuild_wanted: operator, password.
        another_wanted: a backup that is not in the list.
        back_wanted: back to the login.
    """

    rehearse_wanted = Signal(object, str, str)
    restore_wanted = Signal(object)
    rebuild_wanted = Signal(str, str)
    another_wanted = Signal()
    back_wanted = Signal()

    def __init__(
        self, path: Path, backups: Sequence[Backup], operators: Sequence[str], parent: QWidget
    ) -> None:
        teaching = f"{path.stem}：先核对，看清会少哪些操作，再决定。原来的文件另存在旁边，不会丢。"
        super().__init__("用备份恢复", teaching, parent)
        words = named(QLabel("从哪里恢复", self), "fieldLabel")
        self.list = QListWidget(self)
        self.list.setAccessibleName("从哪里恢复")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        words.setBuddy(self.list)
        self.column.addWidget(words)
        self.column.addWidget(self.list)
        self._offer(backups)
        self.operator = self.add_line("操作员")
        self.password = self.add_line("口令", secret=True)
        self.told = QPlainTextEdit(self)
        self.told.setReadOnly(True)
        self.told.setAccessibleName("核对结果")
        self.told.setTabChangesFocus(True)
        self.told.setFixedHeight(look().px(Height.ROW) * 4)
        self.told.hide()
        self.column.addWidget(self.told)
        self.finish("核对", ("返回", self.back_wanted.emit))
        if operators:
            self.operator.setText(operators[0])
        # List and text would take all the height there is.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self._rehearsed: Rehearsed | None = None
        self.list.currentRowChanged.connect(lambda _row: self._begin_again())
        self.operator.textEdited.connect(lambda _text: self._begin_again())
        self.password.textEdited.connect(lambda _text: self._begin_again())
        self.primary.clicked.connect(self._go_on)
        self._begin_again()

    def _offer(self, backups: Sequence[Backup]) -> None:
        rows: list[tuple[str, object]] = [
            (
                f"{backup.made_at:%Y-%m-%d %H:%M}　第 {backup.seq:,} 次操作　{backup.size / MEGABYTE:.1f} MB",
                backup.path,
            )
            for backup in backups
        ]
        for words, meant in [*rows, (REBUILD, REBUILD), (ANOTHER, ANOTHER)]:
            item = QListWidgetItem(words, self.list)
            item.setSizeHint(QSize(0, look().px(Height.ROW)))
            item.setData(Qt.ItemDataRole.UserRole, meant)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(look().px(Height.ROW) * min(SHOWN_ROWS, self.list.count()) + 4)

    def take(self, backup: Path) -> None:
        """A backup from elsewhere, chosen by the operator, stands first."""
        item = QListWidgetItem(str(backup))
        item.setToolTip(str(backup))
        item.setSizeHint(QSize(0, look().px(Height.ROW)))
        item.setData(Qt.ItemDataRole.UserRole, backup)
        self.list.insertItem(0, item)
        self.list.setCurrentRow(0)

    def show_rehearsed(self, rehearsed: Rehearsed) -> None:
        """What restoring would do; the button does it now, unless the backup is no good."""
        found = rehearsed.found
        good = not found.findings
        lines = [f"这份备份到第 {found.seq:,} 次操作（{found.last_at[:16].replace('T', ' ')}）。"]
        if not good:
            lines = ["这份备份核查不合格，不能用来恢复，请换一份。", *(one.message for one in found.findings)]
        elif not found.current_readable:
            lines.append("现在的文件已经读不出来，列不出会少的操作。")
        elif found.lost_count:
            lines.append(f"恢复后会少 {found.lost_count:,} 次操作：")
            lines += [f"{one.at[:16].replace('T', ' ')}　{one.who}　{one.op}" for one in found.lost]
        else:
            lines.append("恢复后一次操作也不少。")
        self.told.setPlainText("\n".join(lines))
        self.told.show()
        self._rehearsed = rehearsed if good else None
        self.primary.setText("恢复，原文件另存" if good else "核对")
        # Where something would be lost a second Enter must not do it: the list has the keyboard, the button is next.
        harmless = good and found.current_readable and not found.lost_count
        (self.primary if harmless else self.told).setFocus()

    def _meant(self) -> object:
        return self.list.currentItem().data(Qt.ItemDataRole.UserRole)

    def _begin_again(self) -> None:
        self._rehearsed = None
        self.told.hide()
        self.primary.setText({REBUILD: "重建", ANOTHER: "选择备份文件"}.get(str(self._meant()), "核对"))

    def _go_on(self) -> None:
        meant = self._meant()
        name, password = self.operator.text().strip(), self.password.text()
        if self._rehearsed is not None:
            self.restore_wanted.emit(self._rehearsed)
        elif meant == ANOTHER:
            self.another_wanted.emit()
        elif not name:
            self.tell("请写操作员姓名", self.operator)
        elif not password:
            self.tell("请输入口令", self.password)
        elif meant == REBUILD:
            self.rebuild_wanted.emit(name, password)
        else:
            self.rehearse_wanted.emit(meant, name, password)
