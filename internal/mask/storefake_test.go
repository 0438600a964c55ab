package mask

// mapStore is a Store in clear, for the tests of this room.
type mapStore struct {
	owners map[Digest]string
	near   map[Digest]bool
}

func (m *mapStore) For(string) Known              { return m }
func (m *mapStore) Near(d Digest) bool            { return m.near[d] }
func (m *mapStore) Whose(d Digest) (string, bool) { owner, ok := m.owners[d]; return owner, ok }

// put makes what write spells known.
func (m *mapStore) put(owner string, write func(*Spelling)) {
	s := New(Options{NoModel: true}).Spelling()
	write(s)
	for _, d := range s.Values {
		if old, ok := m.owners[d]; ok && old != owner {
			m.owners[d] = Several
			continue
		}
		m.owners[d] = owner
	}
	for _, d := range s.Near {
		m.near[d] = true
	}
}

func newMapStore() *mapStore { return &mapStore{map[Digest]string{}, map[Digest]bool{}} }

// knownStore is that of store.txtar.
func knownStore() *mapStore {
	m := newMapStore()
	m.put("cust:1", func(s *Spelling) {
		s.Name("Anna Muster")
		s.Email("anna@example.org")
		s.Line("Hauptstraße 5")
		s.Town("10115", "Berlin")
		s.Company("Zorblax Werke GmbH")
		s.Order("RF-10422")
		s.Order("70331")
		s.Tracking("00340434161094042557")
	})
	for owner, name := range map[string]string{"cust:2": "Piotr Kowalski", "cust:3": "Rose Lang", "cust:4": "Jürgen Groß-Lange", "cust:5": "山田太郎"} {
		m.put(owner, func(s *Spelling) { s.Name(name) })
	}
	for _, name := range []string{"Earl Grey", "Hilton", "Zorblax Kanne"} {
		m.put("", func(s *Spelling) { s.Product(name) })
	}
	return m
}
