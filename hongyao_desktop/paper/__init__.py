"""Papers (纸面材料): a document of values in, a PDF with the official page out.

`document` holds the values a paper is made of, `render` draws them, `preview` turns pages into pictures. Nothing here
knows what a paper is about; modules declare their papers in ``papers.py``. Only this room imports ReportLab, pikepdf
and pypdfium2.
"""
