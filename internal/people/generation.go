package people

import "errors"

// A full sync brings all records under a token of the caller's; at its end what came under no or an older token
// is gone. Records put meanwhile without a token count as brought.

// generationMark is the kind of the records that say which token has which number.
const generationMark Kind = 255

// ErrSuperseded says that another full sync began after this one.
var ErrSuperseded = errors.New("a newer full sync began; finish that one")

// ErrNoGeneration says that nothing came under this token.
var ErrNoGeneration = errors.New("nothing came under this generation")

// generation returns the number of a token, a new one for a new token; that of the latest for none.
func (x *Index) generation(token string) (uint16, error) {
	if token == "" {
		return x.current, nil
	}
	key := x.tokenKey(token)
	if n, ok := x.generations[key]; ok {
		return n, nil
	}
	if x.current == 1<<16-1 {
		return 0, errors.New("the index has seen 65,535 full syncs; remove it and sync anew")
	}
	x.current++
	x.generations[key] = x.current
	_, err := x.log.append(&content{kind: generationMark, generation: x.current, idHash: 1, subject: key})
	return x.current, err
}

// tokenKey is what is kept of a token.
func (x *Index) tokenKey(token string) string {
	h := x.idHash(generationMark, token)
	b := make([]byte, 8)
	for i := range b {
		b[i] = byte(h >> (8 * i))
	}
	return string(b)
}

// Complete ends a full sync: records of these kinds that did not come with it are removed. It stops for others
// now and then.
func (x *Index) Complete(token string, kinds ...Kind) (removed int, err error) {
	wanted := map[Kind]bool{}
	for _, k := range kinds {
		wanted[k] = true
	}
	for from, more := 0, true; more; from += completeStep {
		n := 0
		if n, more, err = x.complete(token, from, wanted); err != nil {
			return removed, err
		}
		removed += n
	}
	return removed, nil
}

// completeStep is how many records are looked at before others may write.
const completeStep = 2048

func (x *Index) complete(token string, from int, wanted map[Kind]bool) (removed int, more bool, err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	n, ok := x.generations[x.tokenKey(token)]
	switch {
	case !ok:
		return 0, false, ErrNoGeneration
	case n != x.current:
		return 0, false, ErrSuperseded
	}
	to := min(from+completeStep, len(x.records))
	for i := from; i < to; i++ {
		r := x.records[i]
		if r.at == 0 || r.generation == n || !wanted[r.kind] {
			continue
		}
		c, err := x.log.read(r.at)
		if err != nil {
			return removed, false, err
		}
		if _, err := x.drop(c.idHash); err != nil {
			return removed, false, err
		}
		removed++
	}
	return removed, to < len(x.records), nil
}
