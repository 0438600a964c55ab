package people

// Status is how much an index holds. It has no personal data.
type Status struct {
	Customers int   `json:"customers"`
	Orders    int   `json:"orders"`
	Products  int   `json:"products"`
	Hashes    int   `json:"hashes"`
	Memory    int   `json:"memory_bytes"` // about
	Disk      int64 `json:"disk_bytes"`
	Syncs     int   `json:"full_syncs"`
	// Problem says why the index can take nothing more; it still answers.
	Problem string `json:"problem,omitempty"`
}

// Status returns how much the index holds.
func (x *Index) Status() Status {
	x.writing.Lock()
	defer x.writing.Unlock()
	s := Status{Customers: x.counts[Customer], Orders: x.counts[Order], Products: x.counts[Product], Hashes: x.table.size(),
		Disk: x.log.size + int64(len(x.log.pending)), Syncs: int(x.current), Memory: x.memory()}
	if x.log.failed != nil {
		s.Problem = x.log.failed.Error()
	}
	return s
}

// memory returns about how many bytes the index takes.
func (x *Index) memory() int {
	return x.table.bytes() + len(x.near.Load().blocks)*64 + cap(x.records)*24 + cap(x.subjects.bytes) + 4*cap(x.subjects.ends) + cap(x.log.pending)
}

// Forget removes every record of a customer: what was told of the customer and of each order. It is durable
// after Commit.
func (x *Index) Forget(subject string) (removed int, err error) {
	if subject == "" {
		return 0, nil
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	for i := range x.records {
		r := x.records[i]
		if r.at == 0 || x.subjects.get(r.subject) != subject {
			continue
		}
		c, err := x.log.read(r.at)
		if err != nil {
			return removed, err
		}
		if _, err := x.drop(c.idHash); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
