"""Pictures as SVG text: the chain, its intervals, the strip of rings on the board sheet."""
