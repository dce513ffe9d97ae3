"""One feature: how its two distributions differ, and which bins make the difference."""

from dashboard import courses, details, loading, parts

report = loading.compared()
details.draw(parts.chosen(report.features), courses.known(), heading="h1")
