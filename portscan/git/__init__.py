"""The only place that calls git: `running` how, the other modules for what. Whoever needs one imports that one alone."""
