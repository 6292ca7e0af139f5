"""From sheets as they were found to sound rows: typed, filtered, checked, under today's units."""
