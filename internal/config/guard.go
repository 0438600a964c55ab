package config

import "time"

// Probing sets what follows when one conversation or customer sends suspicious
// texts again and again. A refused text weighs 1, a flagged one less; the weight
// halves with time and is kept in memory only. Changes need a restart.
type Probing struct {
	// Time in which a weight halves.
	HalfLife time.Duration `yaml:"half_life" range:"1m..24h"`
	// Weight from which calls must be 10 seconds apart, twice that with every
	// further unit; refused with 429, probing_slowed.
	Slow float64 `yaml:"slow" range:"0.5..1000"`
	// Weight from which every call is refused with 429, probing_stopped, until the
	// weight has halved. Danger: customers behind one subject share its fate.
	Stop float64 `yaml:"stop" range:"0.5..1000"`
}
