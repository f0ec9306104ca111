package operation

// KeptSet returns what is kept of a value set of some URL, nil when nothing is.
func KeptSet(s *Service, url string) any {
	s.evaluated.mu.Lock()
	defer s.evaluated.mu.Unlock()
	for key, k := range s.evaluated.young {
		if key.url == url {
			return k.set
		}
	}
	return nil
}
