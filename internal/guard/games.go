package guard

func (r *readings) spoken(from reading, ts []token, seen []uint8, list *wordlist) {}
