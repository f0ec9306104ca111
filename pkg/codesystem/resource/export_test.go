package resource

// Each calls visit with every resource of a text, parsed, as an import finds them. It ends
// at the first error.
func Each(data []byte, visit func(*Resource) error) error {
	return split(data, "", func(_ int, r *Resource) error {
		if err := r.parse(false); err != nil {
			return err
		}
		return visit(r)
	})
}
