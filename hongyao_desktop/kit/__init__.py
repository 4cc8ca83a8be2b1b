"""Qt widgets and the machinery behind them, for pages of modules and for the window. Knows no business word.

A page author needs this much::

    # fund/page.py
    from hongyao_desktop.kit.pages import PageSpec
    from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
    from hongyao_desktop.kit.register_page import RegisterPage
    from hongyao_desktop.kit.verb_form import Verb


    def build_entries(session: Session) -> RegisterPage:
        return RegisterPage(session, ENTRY_DESK, RegisterPageParts(new_label="登记收支", verbs=(REVERSE,)))


    PAGES = (
        PageSpec(
            place="fund.entries", section="关爱基金", title="收支流水", icon="fund", build=build_entries
        ),
    )

``PageSpec`` (pages)
    place, section (word of the navigation), title (tab in the section), icon (file of resources/icons), build(session);
    register= (its rows open here: ``session.go(place, row_id)``), work= (WorkItems for the first page
    and the badge), hidden=True for pages reached from others only.
``Page`` (pages)
    base of hand-written pages: ``self.column`` (body), ``self.head`` (title line), ``self.say(Tone.GOOD, sentence,
    action, run)``, ``self.refuse`` (as ``failed``), ``self.on_key("F9", run)``, ``self.add_search(hint, what)``
    (its ``typed`` is heard), ``self.messages.ask(sentence, answer, yes, no)`` (Enter and Esc answer); override
    ``reload``, ``activate``, ``open_row``, ``keys`` (emit ``keys_changed`` when they change), ``unsaved``,
    ``touches``. What is half typed outlives a crash: ``drafts()`` and
    ``put_back(draft)``, ``session.drafts.typed()`` at every change, ``session.write(..., draft=key)`` where it is
    saved; ``RegisterPage`` and ``BatchPage`` do so by themselves.
``Session`` (session)
    ``read(owner, fn(reader), done)`` and ``write(owner, "登记收入", fn(writer), done, failed, reason=…)`` run off the
    window's thread and answer on it; ``reader`` for short indexed reads at once; ``who``, ``clock``, ``today()``,
    ``context()``; ``undo``; ``reveal``; ``go(place, row_id)``; ``lookups`` by register name; signal ``changed``.
``Lookup(find=, show=)`` and ``Match(id, label, note, row)`` (session)
    how a reference field completes by pinyin initials.
``RegisterPage(session, desk, RegisterPageParts(...))`` (register_page, parts)
    list, search, views, filters, form, drafts, undo. Parts: title, search_hint, new_label, facts, tabs, verbs, batch
    (F5), importing, printing (F9), tone (colours of cells), views, defaults, lookups, load, watches.
``Verb(label=, fields=, run(writer, values, row), …)`` (verb_form)
    a step that is not "save"; for a ledger (desk without ``save``) a verb with ``needs_row=False`` is Ctrl+N.
``BatchPage(session, Batch(...))`` (batch_page) with ``GridColumn(field=, lookup=, unique=, …)`` (grid_model)
    batch entry: a head form over a grid keyed by pinyin initials, checked row by row, saved in one operation.
    ``EntryGrid`` (grid) is the grid by itself.
``FormPanel(fields, session, lookups=)`` (form)
    a form by itself: ``blank``, ``load``, ``read() -> (values, problems)``, ``show_problems``, ``dirty``, ``texts``,
    ``restore``, ``focus_first``; signals ``changed``, ``finished``.
``RegisterTable(fields, name=)`` (table) with ``HeldRows(rows)`` (rows)
    a plain list of rows in a page of one's own.
``MarkModel``, ``MarkView``, ``MarkDelegate`` with ``Mark``, ``MarkRow``, ``MarkColumn`` (marks)
    people down, sessions across, one key a mark.
``SideBySide([(list, px), (form, px)], page)`` (side_by_side), ``Scrolled(layout, page)`` (scrolled)
    parts beside each other that share the room, and a part that scrolls: large text never cuts a word off.
``PaperView(jobs)`` (preview)
    a paper at real proportions; ``show_paper(pages)`` takes anything with ``count()``, ``size(n)``, ``draw(n, dpi)``.
``MonthLine`` (charts), ``ProgressLine.follow(job)`` (progress).
``Tone``, ``MessageBar`` (messages); ``EmptyState`` (empty); ``look()`` (look) for colours, ``px`` and fonts;
``tokens`` for spacing and sizes. No colour, size or font literal anywhere else.
``Jobs.long(owner, what, work(progress), done)`` (jobs)
    long work with progress and cancel.
"""
