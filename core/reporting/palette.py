"""The colours of every picture (Okabe and Ito 2008): told apart with the common deficiencies.

No colour means anything alone: live is an outline, gain and loss are hatched differently.
"""

REFERENCE = "#6B7280"
LIVE = "#0072B2"
MORE = "#D55E00"
FEWER = "#009E73"

LIGHT = {"reference": REFERENCE, "live": LIVE, "more": MORE, "fewer": FEWER}
DARK = {"reference": "#9CA3AF", "live": "#56B4E9", "more": "#E69F00", "fewer": "#2BC59B"}

# One hue from pale to dark (ColorBrewer Blues): order is seen with any colour vision, and in grey.
SEQUENTIAL = ("#F7FBFF", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B")
SEQUENTIAL_DARK = ("#1D2733", "#174A7C", "#2F7EBC", "#6BAED6", "#C6DBEF")  # on a dark page
