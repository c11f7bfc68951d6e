// Package bluegrad makes tileable blue-noise masks: bluegrad's C library through cgo, which finds it by pkg-config.
//
//	run, err := bluegrad.New(bluegrad.Dither, 64, 64, 7)
//	if err != nil { ... }
//	defer run.Close()
//	for done := false; !done && err == nil; {
//		report, err = run.Step(1) // a slice of steps a frame
//		done = report.Done
//	}
//	texture, err := run.U8()
package bluegrad

/*
#cgo pkg-config: bluegrad
#include <bluegrad.h>
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"unsafe"
)

// Preset is a configuration that comes with the library.
type Preset uint32

// The presets that are used most; bluegrad.h has them all.
const (
	Dither         Preset = C.BLUEGRAD_PRESET_DITHER
	DitherFast     Preset = C.BLUEGRAD_PRESET_DITHER_FAST
	VoidAndCluster Preset = C.BLUEGRAD_PRESET_VOID_AND_CLUSTER
	Spectral       Preset = C.BLUEGRAD_PRESET_SPECTRAL
)

// Report says how far a run is.
type Report struct {
	Stage, Step, Steps uint32
	Done               bool
}

// Run is a run in C's memory. It belongs to one goroutine at a time. Close gives the memory back.
type Run struct {
	generator *C.bluegrad_generator
	// The start of the generator's memory, as C gave it.
	memory unsafe.Pointer
	pixels int
}

var errClosed = errors.New("the run is closed")

// check makes an error of a status: the library's own line.
func check(status C.bluegrad_status) error {
	if status == C.BLUEGRAD_OK {
		return nil
	}
	return errors.New(C.GoString(C.bluegrad_status_string(status)))
}

// New starts a run from noise of a seed.
func New(preset Preset, width, height uint32, seed uint64) (*Run, error) {
	var config C.bluegrad_config
	err := check(C.bluegrad_config_default(&config, C.uint32_t(C.sizeof_bluegrad_config), C.bluegrad_preset(preset),
		C.uint32_t(width), C.uint32_t(height)))
	if err != nil {
		return nil, err
	}
	config.seed = C.uint64_t(seed)
	// Unlike the status it says which number is wrong, and what would be right.
	var text [128]C.char
	if C.bluegrad_config_check(&config, &text[0], C.size_t(len(text))) != C.BLUEGRAD_OK {
		return nil, errors.New(C.GoString(&text[0]))
	}
	size := C.bluegrad_memory_size(&config)
	// C's memory, for it stays where it is; malloc of cgo never returns nil.
	memory := C.malloc(size + C.BLUEGRAD_MEMORY_ALIGN)
	padding := -uintptr(memory) & (C.BLUEGRAD_MEMORY_ALIGN - 1)
	var generator *C.bluegrad_generator
	if err := check(C.bluegrad_init(unsafe.Add(memory, padding), size, &config, &generator)); err != nil {
		C.free(memory)
		return nil, err
	}
	return &Run{generator: generator, memory: memory, pixels: int(width) * int(height)}, nil
}

// Close frees the memory; all later calls but Close are errors.
func (run *Run) Close() {
	C.free(run.memory)
	*run = Run{}
}

// Step does up to so many steps; 0 does nothing but report.
func (run *Run) Step(steps uint32) (Report, error) {
	if run.generator == nil {
		return Report{}, errClosed
	}
	var report C.bluegrad_report
	if err := check(C.bluegrad_step(run.generator, C.uint32_t(steps), nil, &report)); err != nil {
		return Report{}, err
	}
	return Report{uint32(report.stage), uint32(report.step), uint32(report.steps), bool(report.done)}, nil
}

// U8 is the finished mask as bytes, row by row: a texture.
func (run *Run) U8() ([]uint8, error) {
	if run.generator == nil {
		return nil, errClosed
	}
	to := make([]uint8, run.pixels)
	err := check(C.bluegrad_read_u8(run.generator, (*C.uint8_t)(&to[0]), C.size_t(len(to)), nil))
	return to, err
}

// Ranks are the ranks of the finished mask, each of 0 to width*height - 1 once.
func (run *Run) Ranks() ([]uint32, error) {
	if run.generator == nil {
		return nil, errClosed
	}
	to := make([]uint32, run.pixels)
	err := check(C.bluegrad_read_ranks(run.generator, (*C.uint32_t)(&to[0]), C.size_t(4*len(to)), nil))
	return to, err
}
