package e5

// CharsMap lets tests read the map as an engine does.
var CharsMap = charsMap
