package people

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestEnteringInBulkIsEnteringOneByOne enters the same records both ways, with values that several share and with ids
// that come again, as after a crash, and expects of both that they know who has what.
func TestEnteringInBulkIsEnteringOneByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 60 {
		single, together := open(t, ""), open(t, "")
		b := newBulk(together)
		records := map[uint64]*content{}
		for range 1 + r.IntN(300) {
			id := r.IntN(200)
			c := &content{kind: Customer, idHash: single.idHash(Customer, fmt.Sprint(id)), subject: fmt.Sprint("cust:", id)}
			for k := range r.IntN(6) {
				c.values = append(c.values, single.values.sum(uint64(6*r.IntN(60)+k)))
				c.near = append(c.near, r.Uint32())
			}
			records[c.idHash] = c
			enterBoth(t, single, b, c)
			if r.IntN(40) == 0 {
				check(t, b.enter())
			}
		}
		check(t, b.enter())
		checkKnown(t, "one by one", single, records)
		checkKnown(t, "in bulk", together, records)
		for i, block := range single.near.Load().blocks {
			if block != together.near.Load().blocks[i] {
				t.Fatalf("the filters differ in block %d", i)
			}
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func enterBoth(t *testing.T, single *Index, b *bulk, c *content) {
	t.Helper()
	at, err := single.log.append(c)
	check(t, err)
	_, err = single.drop(c.idHash)
	check(t, err)
	check(t, single.enter(c, at))
	at, err = b.x.log.append(c)
	check(t, err)
	check(t, b.add(c, at))
}

// checkKnown compares an index with the records it has.
func checkKnown(t *testing.T, how string, x *Index, records map[uint64]*content) {
	t.Helper()
	holders := map[uint64][]string{}
	for id, c := range records {
		holders[id] = []string{c.subject}
		for _, h := range c.values {
			holders[h] = append(holders[h], c.subject)
		}
	}
	if n := x.table.size(); n != len(holders) {
		t.Fatalf("%s: %d hashes, want %d", how, n, len(holders))
	}
	for h, who := range holders {
		v, ok := x.table.get(h)
		switch {
		case !ok:
			t.Fatalf("%s: what %v have is not known", how, who)
		case v&many != 0 && int(v&^many) != len(who):
			t.Fatalf("%s: %d have what %v have", how, v&^many, who)
		case v&many == 0 && (len(who) != 1 || x.subjects.get(x.records[v].subject) != who[0]):
			t.Fatalf("%s: %s has what %v have", how, x.subjects.get(x.records[v].subject), who)
		}
	}
}
