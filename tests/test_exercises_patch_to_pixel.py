"""The checkers of chapter 7 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest

from unet_teach.course.exercises import patch_to_pixel as check


def map_solution(image, size, classify):
    rows, columns = image.shape[0] - size + 1, image.shape[1] - size + 1
    return np.array([[classify(image[r : r + size, c : c + size]) for c in range(columns)] for r in range(rows)])


def stepping_solution(row, kernel, step):
    reach = step * (len(kernel) - 1)
    return [sum(kernel * row[i : i + reach + 1 : step]) for i in range(len(row) - reach)]


def share_solution(logit, trained, real):
    return logit + np.log(real / (1 - real)) - np.log(trained / (1 - trained))


def back_solution(image, factor):
    h, w = image.shape[0] // factor, image.shape[1] // factor
    return np.kron(image.reshape(h, factor, w, factor).mean(axis=(1, 3)), np.ones((factor, factor)))


ANSWERS = {
    check.multiplications: 16 * 25 * 9 * 5,
    check.label_map: map_solution,
    check.stepping: stepping_solution,
    check.true_share: share_solution,
    check.there_and_back: back_solution,
}
WRONG = [
    (check.multiplications, "many", "one number"),
    (check.multiplications, 25 * 9 * 5, "one patch"),
    (check.multiplications, 16 * 25 * 9, "5 filters"),
    (check.multiplications, 64 * 9 * 5, "at once"),
    (check.multiplications, 16 * 49 * 9 * 5, "valid"),
    (check.multiplications, 7, "Patches, times"),
    (check.label_map, 3, "function itself"),
    (check.label_map, lambda i, s, f: i, "no whole patch"),
    (check.label_map, lambda i, s, f: map_solution(i, s, f).T, "swapped"),
    (check.label_map, lambda i, s, f: map_solution(i, s, f)[:-1, :-1], "last row"),
    (check.label_map, lambda i, s, f: map_solution(i, s, np.mean), "answers are not"),
    (check.label_map, lambda i, s, f: [1.0], "4 rows"),
    (check.stepping, lambda r, k, s: np.correlate(r, k, "valid")[::s], "every 2th"),
    (check.stepping, lambda r, k, s: np.correlate(r, k, "valid"), "changes nothing"),
    (check.stepping, lambda r, k, s: stepping_solution(r, k[::-1], s), "turned round"),
    (check.stepping, lambda r, k, s: [0.0], "reaches over"),
    (check.stepping, lambda r, k, s: [x + 1 for x in stepping_solution(r, k, s)], "is wanted"),
    (check.true_share, lambda z, t, r: 2 * z - share_solution(z, t, r), "wrong way"),
    (check.true_share, lambda z, t, r: z + np.log(r / t), "odds"),
    (check.true_share, lambda z, t, r: z * r / t, "logits add"),
    (check.true_share, lambda z, t, r: z + np.log(r / (1 - r)), "training share"),
    (check.true_share, lambda z, t, r: z + 1, "is wanted"),
    (check.there_and_back, lambda i, f: i.reshape(-1, f, i.shape[1] // f, f).mean(axis=(1, 3)), "way there"),
    (check.there_and_back, lambda i, f: i[::f, ::f].repeat(f, 0).repeat(f, 1), "kept one pixel"),
    (check.there_and_back, lambda i, f: back_solution(i, f) + 1, "is wanted"),
    (check.there_and_back, lambda i, f: [[1.0]], "as large as"),
]


@pytest.mark.parametrize("checker", ANSWERS, ids=lambda checker: checker.__name__)
def test_the_solution_is_right_and_no_answer_is_no_answer(checker):
    assert checker(ANSWERS[checker]).passed is True
    assert checker(...).passed is None


@pytest.mark.parametrize("checker", [checker for checker in ANSWERS if callable(ANSWERS[checker])])
def test_an_empty_function_is_no_answer(checker):
    assert checker(lambda *_: None).passed is None


@pytest.mark.parametrize(("checker", "answer", "hint"), WRONG)
def test_each_wrong_answer_gets_its_own_hint(checker, answer, hint):
    verdict = checker(answer)
    assert verdict.passed is False
    assert hint in verdict.message
