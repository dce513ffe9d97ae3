"""The same report, to people and machines: sentences, pictures, files."""
