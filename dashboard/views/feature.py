"""One feature: how its two distributions differ, and which bins make the difference."""

from dashboard import details, loading, parts, windows

report = loading.compared()
details.draw(parts.chosen(report.features), windows.known(), heading="h1")
