package operation

import (
	"context"
	"fmt"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Batch answers validations that come together: all of them from one snapshot of what is
// installed. Resources that several of them bring, in the same bytes, are read and laid
// over it once. It is for one goroutine, and Close gives the snapshot back.
type Batch struct {
	service *Service
	base    *catalog.Snapshot
	brought [][]byte // by the last request that brought any
	laid    *catalog.Snapshot
	read    int // bytes of resources that were read for the batch
	budget  *terminology.Budget
}

// maxBatchBytes is how many bytes of resources are read for one batch. Each set of
// resources is read whole, so that many requests that bring their own beside shared ones
// could else be a terabyte.
const maxBatchBytes = 64 << 20

// Batch begins a batch.
func (s *Service) Batch() *Batch {
	return &Batch{service: s, base: s.catalog.Acquire(), budget: terminology.NewBudget(s.options.MaxWork)}
}

// Close ends the batch.
func (b *Batch) Close() {
	if b.base != nil {
		b.base.LetGo()
		b.base = nil
	}
}

// Validate is Service.Validate for a request of the batch. The error is TooCostly when
// the requests bring more resources than are read for one batch, and once they have taken
// the work of one request together.
func (b *Batch) Validate(ctx context.Context, req ValidateRequest) (*ValidateResponse, error) {
	ctx = b.budget.Context(ctx)
	if err := ctx.Err(); err != nil {
		return nil, &terminology.Error{Op: "operation.Validate", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
	}
	snap := b.service.over(b.base, req.Languages, req.Date)
	if err := snap.bring(req.With, b.lay); err != nil {
		return nil, err
	}
	return snap.validate(ctx, req)
}

// lay lays resources over what is installed, if they are not those that lie there already.
func (b *Batch) lay(base *catalog.Snapshot, w *With) (*catalog.Snapshot, error) {
	if w.Cache != "" { // which lays them once itself
		return b.service.lay(base, w)
	}
	resources := w.Resources
	if b.laid != nil && sameBytes(b.brought, resources) {
		return b.laid, nil
	}
	for _, raw := range resources {
		b.read += len(raw)
	}
	if b.read > maxBatchBytes {
		return nil, &terminology.Error{Op: "operation.With", Kind: terminology.TooCostly,
			Err: fmt.Errorf("the requests of the batch bring more than %d bytes of resources: send those that all of them need once, beside the requests", maxBatchBytes)}
	}
	laid, err := b.service.overlays.lay(base, resources)
	if err == nil {
		b.brought, b.laid = resources, laid
	}
	return laid, err
}

// sameBytes reports whether two lists are the same texts in the same places of memory.
func sameBytes(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i]) != len(b[i]) || len(a[i]) > 0 && &a[i][0] != &b[i][0] {
			return false
		}
	}
	return true
}
