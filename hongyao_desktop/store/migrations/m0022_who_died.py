"""m0022: the few people who died (去世), found without looking at everybody: boards leave them out."""

STATEMENTS = ("CREATE INDEX person_died ON person(id) WHERE status = '去世'",)
