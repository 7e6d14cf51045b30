"""The panel: the whole port landscape as one page. Its front end is in `panel/` and is built into `assets`."""
