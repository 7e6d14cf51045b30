"""Who reaches whom: the compose files of a repository as one graph, and what in it cannot work."""
