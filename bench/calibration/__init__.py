"""Simulation of the product's own path: populations, cells of a grid, and the tables of both."""
