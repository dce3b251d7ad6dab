import { bangkokDay, formatRegistryDate } from '@ekkasan/thai'
import { type Citizen, citizen, silhouette } from './person.ts'

export { type Citizen, silhouette, syntheticNumber } from './person.ts'

const car = ['B', 'รถยนต์ส่วนบุคคล'] as const
const motorcycle = ['A', 'รถจักรยานยนต์ส่วนบุคคล'] as const

/** All people, their birthdays set so that the age cases are right on the day of `at` in Bangkok. */
export function createCitizens(at: Date): readonly Citizen[] {
  const today = bangkokDay(at)
  const year = Number(today.slice(0, 4))
  const monthDay = today.slice(4) === '-02-29' ? '-03-01' : today.slice(4)
  const aged = (age: number) => formatRegistryDate(`${year - age}${monthDay}`)
  const tomorrow = bangkokDay(new Date(at.getTime() + 86_400_000))
  const almost = (age: number) => {
    const shifted = `${Number(tomorrow.slice(0, 4)) - age}${tomorrow.slice(4) === '-02-29' ? '-03-01' : tomorrow.slice(4)}`
    return formatRegistryDate(shifted)
  }
  const child = { issued: `${year + 543}0101`, expires: `${year + 550}1231` }
  const f = '2' as const
  return [
    citizen('Thai and Latin names side by side, with a photograph', 1, {
      th: ['นาย', 'สมมุติ', '', 'ตัวอย่างดี'],
      en: ['Mr.', 'Sommut', '', 'Tuayangdee'],
      picture: silhouette,
      licence: [car, motorcycle],
    }),
    citizen('no family name', 2, {
      first: '5',
      th: ['นาย', 'สมมุติ', '', ''],
      en: ['Mr.', 'Sommut', '', ''],
      licence: [motorcycle],
    }),
    citizen('a hyphen in the register where there is no family name', 3, {
      th: ['นาง', 'ไร้สกุล', '-', '-'],
      sex: f,
    }),
    citizen('police rank as title', 4, {
      th: ['ร.ต.อ.', 'สมมุติ', '', 'กองตัวอย่าง'],
      en: ['Pol.Capt.', 'Sommut', '', 'Kongtuayang'],
    }),
    citizen('acting rank with a space in the title', 5, {
      th: ['ว่าที่ ร.ต.หญิง', 'ตัวอย่าง', '', 'สมมุติยศ'],
      sex: f,
    }),
    citizen('doctor as title', 6, { th: ['ดร.', 'สมมุติ', '', 'วิทยาตัวอย่าง'] }),
    citizen('monk with a Pali name', 7, { th: ['พระ', 'สมมุติ', '', 'ฐิตตัวอย่างธมฺโม'] }),
    citizen('princely title as part of the title', 8, {
      th: ['หม่อมหลวง', 'สมมุติ', '', 'ณ ตัวอย่าง'],
      en: ['Mom Luang', 'Sommut', '', 'Na Tuayang'],
    }),
    citizen('family name with a space: ณ', 9, { th: ['นางสาว', 'ตัวอย่าง', '', 'สมมุติ ณ อยุธยา'], sex: f }),
    citizen('middle name', 10, {
      th: ['นางสาว', 'สมมุติ', 'ตัวกลาง', 'ตัวอย่าง'],
      en: ['Miss', 'Sommut', 'Tuaklang', 'Tuayang'],
      sex: f,
    }),
    citizen('Malay-Thai name with a space in the given name', 11, {
      th: ['นาย', 'มูฮัมหมัด สมมุติ', '', 'บิน ตัวอย่าง'],
      en: ['Mr.', 'Muhammad Sommut', '', 'Bin Tuayang'],
    }),
    citizen('Hmong name', 12, {
      th: ['นาย', 'เล่าสมมุติ', '', 'แซ่ตัวอย่าง'],
      en: ['Mr.', 'Laosommut', '', 'Sae-Tuayang'],
    }),
    citizen('Karen given name without a family name', 13, { first: '5', th: ['นาย', 'พะสมมุติ', '', ''] }),
    citizen('Latin name with apostrophe, hyphen and diacritics', 14, {
      th: ['นาง', 'อานน์-สมมุติ', '', 'โอตัวอย่าง'],
      en: ['Mrs.', 'Anne-Zoë', '', "O'Tuayang"],
      sex: f,
    }),
    citizen('very long names', 15, {
      th: ['นางสาว', 'สมมุติ'.repeat(9), '', 'ตัวอย่าง'.repeat(9)],
      en: ['Miss', 'Sommut'.repeat(9), '', 'Tuayang'.repeat(9)],
      sex: f,
    }),
    citizen('names of one letter', 16, { th: ['นาย', 'ก', '', 'ฮ'], en: ['Mr.', 'K', '', 'H'] }),
    citizen('name with ๆ', 17, { th: ['นางสาว', 'สมๆ', '', 'ตัวอย่าง'], sex: f }),
    citizen('name with ำ under a tone mark', 18, { th: ['นาย', 'น้ำสมมุติ', '', 'ตัวอย่างล้ำ'] }),
    citizen('ำ typed as two characters, read as one', 19, { th: ['นาย', 'นํ้าสมมุติ', '', 'ตัวอย่าง'] }),
    citizen('name with ฯ', 20, { th: ['นาย', 'สมมุติฯ', '', 'ตัวอย่าง'] }),
    citizen('vowel and tone typed in the other order', 21, {
      th: ['นาย', 'ตัวอยู\u0e48', '', 'ส\u0e48\u0e38มมุติ'],
    }),
    citizen('a zero-width character in the name', 22, {
      th: ['นาย', 'สม\u200bมุติ', '', 'ตัวอย่าง'],
      refused: 'thai.text.invisible',
    }),
    citizen('unknown day of birth', 23, {
      born: '25010700',
      th: ['นาง', 'ตัวอย่าง', '', 'ไม่รู้วัน'],
      sex: f,
      licence: [car],
    }),
    citizen('unknown day and month of birth', 24, { born: '25010000', th: ['นาย', 'ตัวอย่าง', '', 'ไม่รู้เดือน'] }),
    citizen('born in February 2480, when the year began in April', 25, {
      born: '24800215',
      th: ['นาย', 'สมมุติ', '', 'ปีเก่า'],
      expires: '99999999',
    }),
    citizen('born on 29 February 2478 of the old calendar', 26, {
      born: '24780229',
      th: ['นาง', 'สมมุติ', '', 'อธิกสุรทิน'],
      sex: f,
      expires: '99999999',
    }),
    citizen('born on 29 February', 27, { born: '25430229', th: ['นาย', 'สมมุติ', '', 'ยี่สิบเก้า'] }),
    citizen('card for life', 28, {
      born: '24910512',
      th: ['นาง', 'ตัวอย่าง', '', 'ตลอดชีพ'],
      sex: f,
      expires: '99999999',
      licence: [car],
      licenceExpires: '99999999',
    }),
    ...([7, 15, 18, 20, 60] as const).map((age, i) =>
      citizen(`${age} years old today`, 29 + i, {
        born: aged(age),
        th: [age < 15 ? 'เด็กชาย' : 'นาย', 'ตัวอย่าง', '', `ครบวันนี้`],
        ...child,
      }),
    ),
    citizen('20 years old tomorrow', 34, {
      born: almost(20),
      th: ['นาย', 'ตัวอย่าง', '', 'ครบพรุ่งนี้'],
      ...child,
    }),
    ...(['0', '6', '7', '8'] as const).map((first, i) =>
      citizen(`number beginning with ${first}, Thai national`, 35 + i, {
        first,
        th: ['นาย', 'สมมุติ', '', 'ได้สัญชาติ'],
      }),
    ),
    citizen('number beginning with 3, not a Thai national', 39, {
      first: '3',
      nationality: '044',
      th: ['นาย', 'ตัวอย่าง', '', 'แซ่สมมุติ'],
      licence: [car],
      refused: 'thai.record.not-thai-national',
    }),
    citizen('address in Bueng Kan', 40, {
      th: ['นาย', 'สมมุติ', '', 'บึงตัวอย่าง'],
      house: {
        alleyWayDesc: '',
        roadDesc: '',
        villageNo: '04',
        subdistrictCode: '01',
        subdistrictDesc: 'บึงกาฬ',
        districtCode: '01',
        districtDesc: 'เมืองบึงกาฬ',
        provinceCode: '38',
        provinceDesc: 'บึงกาฬ',
        postalCode: '38000',
      },
    }),
    citizen('Bangkok address with Latin names', 41, {
      th: ['นาง', 'ตัวอย่าง', '', 'พระนครสมมุติ'],
      sex: f,
      house: {
        latin: {
          lane: 'Sommut 9',
          road: 'Tuayang',
          sub_district: 'Phra Borom Maha Ratchawang',
          district: 'Phra Nakhon',
          province: 'Bangkok',
        },
      },
    }),
    citizen('house without a village number or a street', 42, {
      th: ['นาย', 'ตัวอย่าง', '', 'บ้านเดี่ยว'],
      house: { villageNo: '', alleyWayDesc: '-', roadDesc: '' },
    }),
    citizen('island address with alley, lane and road', 43, {
      th: ['นาย', 'สมมุติ', '', 'เกาะตัวอย่าง'],
      house: {
        villageNo: '2',
        alleyDesc: 'สมมุติ',
        alleyWayDesc: 'ตัวอย่าง 3',
        roadDesc: 'รอบเกาะ',
        subdistrictCode: '840501',
        subdistrictDesc: 'เกาะพะงัน',
        districtCode: '8405',
        districtDesc: 'เกาะพะงัน',
        provinceCode: '84',
        provinceDesc: 'สุราษฎร์ธานี',
        postalCode: '84280',
      },
    }),
    citizen('village number in Thai digits', 44, {
      th: ['นาย', 'ตัวอย่าง', '', 'เลขไทย'],
      house: {
        houseNo: '๙๙๙/๒',
        villageNo: '๑๒',
        subdistrictCode: '380101',
        subdistrictDesc: 'บึงกาฬ',
        districtCode: '3801',
        districtDesc: 'เมืองบึงกาฬ',
        provinceCode: '38',
        provinceDesc: 'บึงกาฬ',
        postalCode: '38000',
      },
    }),
    citizen('no house in the register', 45, { th: ['นาย', 'ตัวอย่าง', '', 'ไร้บ้าน'], house: null }),
    citizen('before the change of name', 46, {
      th: ['นางสาว', 'ตัวอย่าง', '', 'ชื่อเดิม'],
      en: ['Miss', 'Tuayang', '', 'Chuederm'],
      sex: f,
      issued: '25600110',
      expires: '25680109',
    }),
    {
      ...citizen('after the change of name: the same number', 46, {
        th: ['นาง', 'สมมุติใหม่', '', 'ชื่อใหม่'],
        en: ['Mrs.', 'Sommutmai', '', 'Chuemai'],
        sex: f,
        issued: '25680110',
        expires: '25761231',
      }),
    },
    citizen('expired card', 48, {
      th: ['นาย', 'ตัวอย่าง', '', 'บัตรหมดอายุ'],
      issued: '25580301',
      expires: '25660228',
    }),
    citizen('one of two persons with the same name', 49, {
      th: ['นาย', 'ซ้ำสมมุติ', '', 'ตัวอย่าง'],
      born: '25300101',
    }),
    citizen('the other of two persons with the same name', 50, {
      th: ['นาย', 'ซ้ำสมมุติ', '', 'ตัวอย่าง'],
      born: '25310202',
    }),
  ]
}

/** The people as of the moment this module was loaded. */
export const citizens: readonly Citizen[] = createCitizens(new Date())

/** The newest record under a citizen number, as a register would answer. */
export function findCitizen(pid: string, among: readonly Citizen[] = citizens): Citizen | undefined {
  return among.findLast(({ record }) => record.person.pid === pid)
}
