"""One file a command: it puts the stages in a row and hands back what was found."""
