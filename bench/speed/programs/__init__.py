"""What Tideline is compared with: each a program of its own, run by the Python that has it.

Every program takes two tables, reference and live, and does what its user would write.
"""
