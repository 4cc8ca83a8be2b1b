"""志愿积分: volunteers, activities, service hours, points and spot reports (随手拍).

What always holds, and where it is seen to:

- Hours and points are ledgers: rows are added, never changed; a mistake is reversed by a row of the opposite sign that
  names the one it takes back, and points go back with the hours that made them (``service.recording``).
- Two services of one person never overlap; whoever records is shown both sides of a clash (``rules.clashes``).  The
  check of the whole file looks again (``queries.clashes.overlap_faults``).
- An hour rests on a sign-in sheet keyed in here (签到), a reason (补录) or another table (导入); every total keeps
  the three apart (``records.rows.Evidence``).
- Points follow the rule set in force on the day of service, and every entry names it and explains itself
  (``rules.points``); a new rule set leaves old entries as they are.
- What was spent names the awards it draws from, oldest first (``rules.spending``, a pure fold over what stands; links
  on file follow in ``service.settling``).  No order of the same day changes a balance; ``link_faults`` folds anew.
- Room under a cap that a reversal leaves is filled again; a year end that later changes would alter is counted anew.
- A rule is changed by a new version with a day (``service.rule_sets``); an old version is never altered.
- Lists and boards read ``volunteer_total`` and ``service_sum``, kept by triggers; ``queries.lookups.total_faults`` and
  ``queries.spans.sum_faults`` add up anew.
- A ledger row keeps the unit its volunteer belonged to when it was recorded, so last month's figures stay.
"""
