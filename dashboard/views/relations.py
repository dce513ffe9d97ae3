"""Beyond one column at a time: has the mix of segments changed, or how columns depend?"""

from dashboard import loading, parts, relations

report = loading.compared()
parts.say("Mix and pairs", "h1")
relations.segments(report)
relations.pairs(report)
