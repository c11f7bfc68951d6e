// Go: the 64x64 `dither` mask of seed 7, a step at a time. Prints FNV-1a 64 over the ranks as little-endian u32.
package main

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"log"

	"example.org/mask/bluegrad"
)

func main() {
	log.SetFlags(0)
	run, err := bluegrad.New(bluegrad.Dither, 64, 64, 7)
	if err != nil {
		log.Fatal(err)
	}
	defer run.Close()
	if _, err := run.U8(); err == nil {
		log.Fatal("a mask before its last step")
	}
	for done := false; !done; {
		report, err := run.Step(1)
		if err != nil {
			log.Fatal(err)
		}
		done = report.Done
	}
	ranks, err := run.Ranks()
	if err != nil {
		log.Fatal(err)
	}
	hash := fnv.New64a()
	if err := binary.Write(hash, binary.LittleEndian, ranks); err != nil {
		log.Fatal(err)
	}
	for _, width := range []uint32{0, 7, 4097} {
		if _, err := bluegrad.New(bluegrad.Dither, width, 64, 7); err == nil {
			log.Fatalf("a mask %d pixels wide", width)
		}
	}
	fmt.Printf("%016x\n", hash.Sum64())
}
