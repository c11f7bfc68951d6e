"""pocketfft from SciPy: a forward and an inverse real transform of an N x N image in single precision, one thread."""

import worker


def make(side):
    import numpy
    import scipy
    from scipy.fft import irfft2, rfft2

    image = worker.noise(side)
    spectrum = rfft2(image, workers=1)
    exact = numpy.fft.rfft2(image.astype(numpy.float64))
    assert spectrum.dtype == numpy.complex64, "not in single precision"
    distance = numpy.linalg.norm(spectrum - exact) / numpy.linalg.norm(exact)
    assert distance < 1e-6, f"the spectrum is off by {distance}"
    worst = numpy.abs(irfft2(spectrum, s=image.shape, workers=1) - image).max()
    assert worst < 1e-6, f"the round trip is off by {worst}"

    def work(count):
        for _ in range(count):
            irfft2(rfft2(image, workers=1), s=image.shape, workers=1, overwrite_x=True)

    return f"SciPy {scipy.__version__}, rfft2 and irfft2, float32, workers=1", work


if __name__ == "__main__":
    worker.main(make)
