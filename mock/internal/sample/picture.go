package sample

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
)

// side is that of the pictures, in pixels.
const side = 16

// picture is a small square of one colour, which the seed chooses.
func picture(seed uint64) *image.Paletted {
	r, g, b := uint8(seed), uint8(seed>>8), uint8(seed>>16)
	return image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.RGBA{r, g, b, 0xff}})
}

// little writes numbers and bytes, the lowest byte first.
func little(b *bytes.Buffer, parts ...any) {
	for _, part := range parts {
		_ = binary.Write(b, binary.LittleEndian, part)
	}
}

// bmp writes 24 bits a pixel behind a BITMAPINFOHEADER.
func bmp(b *bytes.Buffer, p image.Image) {
	const header, size = 14 + 40, side * side * 3
	little(b, []byte("BM"), uint32(header+size), uint32(0), uint32(header))
	little(b, uint32(40), int32(side), int32(side), uint16(1), uint16(24), uint32(0), uint32(size), int32(2835), int32(2835), uint32(0), uint32(0))
	for range side * side {
		r, g, blue, _ := p.At(0, 0).RGBA()
		b.Write([]byte{byte(blue >> 8), byte(g >> 8), byte(r >> 8)})
	}
}

// icon writes an icon file around a PNG picture.
func icon(b *bytes.Buffer, p image.Image) {
	var inner bytes.Buffer
	_ = png.Encode(&inner, p)
	little(b, uint16(0), uint16(1), uint16(1), byte(side), byte(side), byte(0), byte(0), uint16(1), uint16(32), uint32(inner.Len()), uint32(22))
	b.Write(inner.Bytes())
}

// webp is a lossless picture of one transparent pixel (RFC 9649).
func webp() []byte {
	var b bytes.Buffer
	stream := []byte{0x2f, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0}
	little(&b, []byte("RIFF"), uint32(4+8+len(stream)), []byte("WEBPVP8L"), uint32(len(stream)-1), stream)
	return b.Bytes()
}

// wav writes a tenth of a second of one tone, which the seed chooses: 8,000 samples a second of 8 bits, one channel.
func wav(b *bytes.Buffer, seed uint64) {
	const rate, samples = 8000, 800
	little(b, []byte("RIFF"), uint32(36+samples), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate), uint16(1), uint16(8),
		[]byte("data"), uint32(samples))
	tone := 220 + float64(seed%660)
	for i := range samples {
		b.WriteByte(byte(128 + 60*math.Sin(2*math.Pi*tone*float64(i)/rate)))
	}
}

// mp3 writes a quarter of a second of silence: frames of MPEG-1 Layer III, 128 kbit/s, 44,100 samples a second, two channels.
func mp3(b *bytes.Buffer) {
	frame := make([]byte, 144*128000/44100)
	copy(frame, []byte{0xff, 0xfb, 0x90, 0x00})
	for range 10 {
		b.Write(frame)
	}
}
