package people

// Opening an index enters some thirty hashes for each record, each at a place of its own in two hundred megabytes: one
// by one, nearly all of the time would be waiting for memory. So the hashes of many records are gathered by the part of
// the table, or of the filter, they belong to, and entered part by part: a part stays in the processor's cache.

// bulk gathers records that are to be entered. Records are numbered at once.
type bulk struct {
	x       *Index
	values  [parts][]entry
	near    [parts][]uint32
	waiting int             // hashes gathered
	ids     map[uint64]bool // of the records gathered
}

// entry is a hash of a record: of a value, or of its id.
type entry struct {
	hash   uint64
	record uint32
	id     bool
}

// gathered is how many hashes are gathered before they are entered: some twenty megabytes.
const gathered = 1 << 20

func newBulk(x *Index) *bulk { return &bulk{x: x, ids: map[uint64]bool{}} }

// add gathers a record that stands on disk, in place of an earlier one of the same id.
func (b *bulk) add(c *content, at int64) error {
	if b.ids[c.idHash] {
		if err := b.enter(); err != nil {
			return err
		}
	}
	if _, err := b.x.drop(c.idHash); err != nil {
		return err
	}
	n, err := b.x.number(record{at, 0, c.generation, c.kind}, c.subject)
	if err != nil {
		return err
	}
	for _, h := range c.values {
		b.values[partOf(h)] = append(b.values[partOf(h)], entry{h, n, false})
	}
	b.values[partOf(c.idHash)] = append(b.values[partOf(c.idHash)], entry{c.idHash, n, true})
	for _, h := range c.near {
		b.near[h>>26] = append(b.near[h>>26], h) // as the filter's blocks are in order of hashes
	}
	b.ids[c.idHash] = true
	b.x.counts[c.kind]++
	b.waiting += len(c.values) + len(c.near)
	return nil
}

// enter enters what was gathered.
func (b *bulk) enter() error {
	for i := range b.values {
		b.x.table[i].enter(b.values[i])
		b.values[i] = b.values[i][:0]
	}
	f := b.x.near.Load()
	for i := range b.near {
		for _, h := range b.near[i] {
			f.addAlone(h)
		}
		b.near[i] = b.near[i][:0]
	}
	clear(b.ids)
	b.waiting = 0
	return b.x.renewFilter()
}

// enter adds what was gathered for a part.
func (p *part) enter(entries []entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range entries {
		p.update(e.hash, func(old uint32, ok bool) (uint32, bool) { return e.value(old, ok), true })
	}
}

// value is what the table says of an entry's hash, if it said old of it before.
func (e entry) value(old uint32, ok bool) uint32 {
	switch {
	case !ok || e.id:
		return e.record
	case old&many != 0:
		return old + 1
	}
	return many | 2
}
