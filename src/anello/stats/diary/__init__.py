"""Models of diaries: what goes with what inside a person, from day to day, and between persons."""
