"""Beyond one column at a time: the mix of segments, how columns depend, what labels say."""

from dashboard import loading, outcomes, parts, relations

report = loading.compared()
parts.say("Mix, pairs and labels", "h1")
relations.segments(report)
relations.pairs(report)
outcomes.draw(report)
