import { textCredential } from '@ekkasan/core'
import {
  ageAttestations,
  elementsOf,
  mobileDrivingLicence,
  nearestAgeAttestation,
  presentMdoc,
  verifyMdoc,
} from '@ekkasan/mdoc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binding, device, issue, namespace, verifying } from './setting.ts'

describe('attestations of ages (ISO/IEC 18013-5 section 7.2.5)', () => {
  it('say on the birthday, not the day before, that an age is reached', () => {
    const on = (day: string) => ageAttestations({ birthDate: '2006-06-15', on: day, ages: [0, 9, 20] })
    expect(on('2026-06-14')).toEqual({ age_over_00: true, age_over_09: true, age_over_20: false })
    expect(on('2026-06-15')).toEqual({ age_over_00: true, age_over_09: true, age_over_20: true })
  })

  it('let who was born on the 29th of February wait for March in other years', () => {
    const on = (day: string) => ageAttestations({ birthDate: '2004-02-29', on: day, ages: [21, 24] })
    expect(on('2025-02-28')).toEqual({ age_over_21: false, age_over_24: false })
    expect(on('2025-03-01')).toEqual({ age_over_21: true, age_over_24: false })
    expect(on('2028-02-29')).toEqual({ age_over_21: true, age_over_24: true })
  })

  it('are made of days and ages that there are', () => {
    for (const wrong of [
      { birthDate: '2001-02-29', on: '2026-01-01', ages: [18] },
      { birthDate: '2001-02-03', on: '1.1.2026', ages: [18] },
      { birthDate: '2001-02-03', on: '2026-01-01', ages: [100] },
      { birthDate: '2001-02-03', on: '2026-01-01', ages: [17.5] },
    ]) {
      expect(() => ageAttestations(wrong)).toThrow(TypeError)
    }
  })

  it('are elements of the driving licence, whichever age they are of', () => {
    const claims = { age_over_07: true, age_over_18: true, age_over_99: false }
    expect(elementsOf(mobileDrivingLicence, claims)).toEqual({ [namespace]: claims })
  })
})

describe('an age that a licence does not hold', () => {
  const held = {
    age_over_18: true,
    age_over_21: true,
    age_over_60: false,
    age_over_65: false,
    family_name: 'x',
  }

  it.each([
    ['age_over_18', 'age_over_18'],
    ['age_over_15', 'age_over_18'],
    ['age_over_19', 'age_over_21'],
    ['age_over_25', undefined],
    ['age_over_62', 'age_over_60'],
    ['age_over_99', 'age_over_65'],
    ['age_over_5', undefined],
    ['family_name', undefined],
    ['height', undefined],
  ])('%s is answered by %s', (asked, answer) => {
    expect(nearestAgeAttestation(held, asked)).toBe(answer)
  })

  it('is never answered by what contradicts it', () => {
    const age = fc.integer({ min: 0, max: 99 })
    fc.assert(
      fc.property(age, fc.uniqueArray(age), age, (real, attested, asked) => {
        const ages = Object.fromEntries(
          attested.map((one) => [`age_over_${String(one).padStart(2, '0')}`, real >= one]),
        )
        const answer = nearestAgeAttestation(ages, `age_over_${String(asked).padStart(2, '0')}`)
        if (answer === undefined) return
        expect(ages[answer]).toBe(real >= asked)
        const distance = Math.abs(Number(answer.slice(-2)) - asked)
        const closer = attested.filter((one) => Math.abs(one - asked) < distance)
        // What stands closer says nothing about it, or the same.
        for (const one of closer)
          expect(real >= one === real >= asked && one > asked === real >= asked).toBe(false)
      }),
    )
  })

  it('is answered by the nearest one when it is presented, and by nothing when none answers', async () => {
    const credential = textCredential(await issue({ namespaces: { [namespace]: held, 'org.example': held } }))
    const show = async (name: string, element: string) => {
      const presentation = await presentMdoc({
        credential,
        disclose: [[name, element]],
        binding,
        holder: device,
      })
      return (await verifyMdoc(presentation, verifying())).claims
    }
    expect(await show(namespace, 'age_over_19')).toEqual({ [namespace]: { age_over_21: true } })
    expect(await show(namespace, 'age_over_62')).toEqual({ [namespace]: { age_over_60: false } })
    await expect(show(namespace, 'age_over_25')).rejects.toMatchObject({ code: 'mdoc.element.not-found' })
    await expect(show('org.example', 'age_over_19')).rejects.toMatchObject({ code: 'mdoc.element.not-found' })
  })
})
