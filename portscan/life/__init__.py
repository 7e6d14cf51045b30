"""The life of a port: adopted, allocated, moved, watched, retired and audited. The commands for it stand on these parts."""
