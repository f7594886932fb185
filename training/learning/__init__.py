"""How a network learns: lessons, targets, the loop, a run and its folder."""
