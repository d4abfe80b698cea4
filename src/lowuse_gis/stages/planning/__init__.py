"""Where to redevelop and in what order: pathways, ranking, key areas, the year, projects."""
