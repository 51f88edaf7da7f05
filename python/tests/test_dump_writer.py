"""The dump writer against the HDF5 library."""

from __future__ import annotations

import errno
import resource
import signal
import unittest
from unittest import mock

import numpy as np
from reading import Dump, FolderTest
from syncpoint_capture import CaptureError
from syncpoint_capture.dump_writer import BIT_TYPES, DumpWriter, Quantization

TYPES = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 ? c8 c16 >f4 >i2".split()


class DumpWriterTest(FolderTest):
    def writer(self) -> DumpWriter:
        return DumpWriter(self.folder / "a.h5", model="net", runtime="rt 1", seed=7)

    def test_every_type_and_shape_is_read_back(self) -> None:
        writer = self.writer()
        arrays = {}
        for dtype in TYPES:
            for shape in ((), (0, 3), (1,), (3, 5, 7), (1,) * 32):
                size = int(np.prod(shape))
                name = "%s %s" % (dtype, shape)
                arrays[name] = np.arange(size).reshape(shape).astype(dtype)
                writer.write(0, name, arrays[name])
        writer.close()
        read = self.dump().samples[0]
        self.assertEqual(list(read), list(arrays))  # in the order in which they were written
        for name, array in arrays.items():
            np.testing.assert_array_equal(read[name], array, name)
            self.assertEqual(read[name].shape, array.shape)

    def test_arrays_that_are_not_contiguous_are_read_back(self) -> None:
        writer = self.writer()
        array = np.arange(24.0).reshape(2, 3, 4)
        writer.write(0, "transposed", array.T)
        writer.write(0, "every other", array[:, ::2, ::-1])
        writer.close()
        read = self.dump().samples[0]
        np.testing.assert_array_equal(read["transposed"], array.T)
        np.testing.assert_array_equal(read["every other"], array[:, ::2, ::-1])

    def test_names_of_any_kind_are_kept(self) -> None:
        names = ["a/b%c", "..", ".", "%2F", "ünïcode", "x" * 3000]
        writer = self.writer()
        for name in names:
            writer.write(0, name, np.zeros(1))
        writer.close()
        self.assertEqual(list(self.dump().samples[0]), names)

    def test_types_that_hdf5_lacks_are_stored_as_their_bits(self) -> None:
        writer = self.writer()
        for dtype, stored in BIT_TYPES.items():
            writer.write(0, dtype, np.arange(4, dtype=stored), dtype=dtype, kind="parameter")
        writer.close()
        dump = self.dump()
        for dtype, stored in BIT_TYPES.items():
            self.assertEqual(dump.attributes[dtype], {"dtype": dtype, "kind": "parameter"})
            self.assertEqual(dump.samples[0][dtype].dtype, stored)

    def test_quantization_is_kept(self) -> None:
        writer = self.writer()
        integers = np.zeros((2, 3), np.int8)
        writer.write(0, "tensor", integers, quantization=Quantization(0.5, 3))
        writer.write(0, "channel", integers, quantization=Quantization([1, 2, 3], [0, 1, 2], 1))
        writer.close()
        attributes = self.dump().attributes
        self.assertEqual(attributes["tensor"], {"scale": 0.5, "zero_point": 3})
        self.assertEqual(attributes["channel"]["axis"], 1)
        np.testing.assert_array_equal(attributes["channel"]["scale"], [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(attributes["channel"]["zero_point"], [0, 1, 2])

    def test_facts_of_the_run_are_kept(self) -> None:
        writer = self.writer()
        writer.write(2, "x", np.zeros(1))
        writer.set_json("graph", {"nodes": [], "inputs": ["ü"], "outputs": []})
        writer.close()
        dump = self.dump()
        facts = dump.facts
        self.assertEqual((facts["format"], facts["version"]), ("syncpoint-dump", 1))
        self.assertEqual((facts["model"], facts["runtime"], facts["seed"]), ("net", "rt 1", 7))
        self.assertEqual((facts["samples"], len(dump.samples)), (3, 2))
        self.assertNotIn("partial", facts)
        self.assertEqual(dump.graph["inputs"], ["ü"])

    def test_the_unfinished_file_is_a_dump_after_a_checkpoint(self) -> None:
        writer = self.writer()
        writer.write(0, "x", np.arange(3))
        writer.checkpoint()
        writer.write(0, "y", np.arange(4))
        writer.write(1, "x", np.arange(5))
        read = Dump(writer.temporary)
        self.assertEqual(list(read.samples[0]), ["x"])
        self.assertEqual(read.facts["partial"], "the run did not come to its end")
        self.assertFalse((self.folder / "a.h5").exists())
        writer.close()
        self.assertEqual([list(s) for s in self.dump().samples], [["x", "y"], ["x"]])

    def test_a_dump_without_tensors_has_a_sample(self) -> None:
        self.writer().close(partial="the model raised")
        self.assertEqual(self.dump().samples, [{}])

    def test_what_dumps_cannot_hold_is_an_error_that_names_the_tensor(self) -> None:
        writer = self.writer()
        writer.write(0, "x", np.zeros(1))
        for array in (np.array(["text"]), np.array([object()]), np.zeros(1, np.longdouble)):
            with self.assertRaisesRegex(CaptureError, "^the tensor 'y' cannot be stored: "):
                writer.write(0, "y", array)
        with self.assertRaisesRegex(CaptureError, "^the tensor 'x' was already written$"):
            writer.write(0, "x", np.zeros(1))
        writer.discard()
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_folder_that_is_missing_is_an_error_in_one_sentence(self) -> None:
        with self.assertRaisesRegex(CaptureError, "a.h5 cannot be written: No such file"):
            DumpWriter(self.folder / "missing" / "a.h5")

    def test_a_full_disk_is_an_error_and_leaves_nothing(self) -> None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGXFSZ, handler)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_FSIZE, before)
        writer = self.writer()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
        with self.assertRaisesRegex(CaptureError, "a.h5 cannot be written: File too large$"):
            for index in range(64):
                writer.write(0, str(index), np.zeros(1 << 16))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_disk_that_fills_up_at_the_end_is_an_error_and_leaves_nothing(self) -> None:
        writer = self.writer()
        writer.write(0, "x", np.zeros(4))
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("os.pwrite", side_effect=full):
            with self.assertRaisesRegex(CaptureError, "a.h5 cannot be written: No space left"):
                writer.close()
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
