package meter

// Accounts is how many integrations a Meter remembers.
func (m *Meter) Accounts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.accounts)
}
