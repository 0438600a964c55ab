package proof

// TypeSync is the type of entries about what the store told of its own people and things.
const TypeSync = "ringfence.people.sync"

// Sync is the data of such an entry: counts only. No customer is named, not even by a pseudonym.
type Sync struct {
	Integration string `json:"integration"` // id of the caller's key, or "owner"
	Name        string `json:"name"`        // the caller's name

	Put     map[string]int `json:"put,omitempty"`     // records taken, by kind
	Deleted map[string]int `json:"deleted,omitempty"` // records removed because a line said so, by kind
	Gone    map[string]int `json:"gone,omitempty"`    // records removed because a full sync did not bring them, by kind
	Forgot  int            `json:"forgot,omitempty"`  // records of customers who are to be forgotten
	Bad     int            `json:"bad,omitempty"`     // lines that were not taken

	Full    bool   `json:"full,omitempty"`   // it completed a full sync
	Outcome string `json:"outcome"`          // done, partly, failed
	Reason  string `json:"reason,omitempty"` // stable code when failed
	Millis  int64  `json:"millis,omitempty"`
}
