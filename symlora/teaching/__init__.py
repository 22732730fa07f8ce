"""Pages, graphs and lessons made from checked certificates."""
