"""A registry for a repository that has none: what it uses, with a comment at each fact that says where it comes from."""
