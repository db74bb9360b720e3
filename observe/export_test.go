package observe

// QueryName is what a statement is called.
var QueryName = queryName
