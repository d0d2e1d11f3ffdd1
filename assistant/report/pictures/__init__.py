"""Pictures as inline SVG, each made by one pure function from plain values."""
